"""The course as a product: build, learn, report."""
