"""Key account sales by numbers: tables in, numbers and charts out."""
