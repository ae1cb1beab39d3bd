"""A course of one small chapter, for tests that build and open one."""

from pathlib import Path

LECTURE = """---
minutes: 45
---

+++ {"lang": "zh"}

# 第 3 章 漏斗

## 3.1 钱漏在哪一步？

今年到现在签了 {{signed}}。看 `stages`。

+++ {"lang": "en"}

# Chapter 3  The funnel

## 3.1 Which step leaks the money?

So far this year we signed {{signed}}. See `stages`.

```{code-cell}
import ka_lib as ka

ka.use("LANG")
```

+++ {"lang": "zh"}

动手试试。

+++ {"lang": "en"}

Try it.

```{code-cell}
# zh: 十条线索约上四条
# en: four leads in ten
stages = 4 / 10  # zh: 转化率  # en: the rate
stages
```
"""

ASSIGNMENT = """+++ {"lang": "zh"}

# 练习

+++ {"lang": "en"}

# Exercises

+++ {"lang": "zh", "task": "q1"}

### 第 1 题（10 分）

把 2 放进 `answer`。

+++ {"lang": "en", "task": "q1"}

### Question 1 (10 points)

Put 2 into `answer`.

```{code-cell}
:solution: q1

answer = ...
### BEGIN SOLUTION
answer = 2
### END SOLUTION
```

```{code-cell}
:test: q1
:points: 10

assert answer == 2
```

+++ {"lang": "zh", "task": "m1", "points": 20}

### 第 2 题（20 分）

写三句话。

### BEGIN SOLUTION

样例答案。

### END SOLUTION

+++ {"lang": "en", "task": "m1", "points": 20}

### Question 2 (20 points)

Write three sentences.

### BEGIN SOLUTION

A model answer.

### END SOLUTION
"""

FACTS = """from ka_course.figures import text


def facts(company):
    return {"signed": text("11 单", "11 deals")}
"""

QUIZ = """- question: {zh: "签了几单？{{signed}}？", en: "How many? {{signed}}?"}
"""

PYPROJECT = """[tool.uv]
constraint-dependencies = ["pandas==3.1.1"]
"""


def make(root: Path) -> Path:
    """Write the sources into a folder; return it."""
    for place, content in {
        "course/ch03.md": LECTURE,
        "course/facts/ch03.py": FACTS,
        "course/quizzes/ch03.yaml": QUIZ,
        "solutions/ch03/ch03.md": ASSIGNMENT,
        "pyproject.toml": PYPROJECT,
    }.items():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="\n")
    return root
