# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tables of figures: printed as Markdown row by row, and written as Markdown and JSON at the end."""
import json


class Report:
    """What a benchmark prints and writes. `facts` are named figures that stand before the tables."""

    def __init__(self):
        self.lines, self.facts, self.rows = [], {}, {}

    def say(self, text=""):
        """A line of text."""
        print(text, flush=True)
        self.lines.append(text)

    def table(self, name, columns):
        """A Table; its rows are `name` in the JSON."""
        return Table(self, name, columns)

    def save(self, markdown, json_file):
        """Writes the files whose names are not empty."""
        if markdown:
            with open(markdown, "w") as file:
                file.write("\n".join(self.lines) + "\n")
        if json_file:
            with open(json_file, "w") as file:
                json.dump(dict(self.facts, tables=self.rows), file, indent=1)


class Table:
    """Rows are dictionaries; columns are [(heading, key of the row, format or function)]. What a row
    does not have is left empty; a row with `failed` says so at its end."""

    def __init__(self, report, name, columns):
        self.report, self.columns = report, columns
        self.rows = report.rows.setdefault(name, [])
        report.say()
        report.say("| " + " | ".join(heading for heading, _, _ in columns) + " |")
        report.say("|" + "---|" * len(columns))

    def add(self, row):
        self.rows.append(row)
        cells = [self._cell(row, key, shown) for _, key, shown in self.columns]
        if "failed" in row:
            cells[-1] = row["failed"].replace("\n", " ").replace("|", "/")[:300]
        self.report.say("| " + " | ".join(cells) + " |")

    @staticmethod
    def _cell(row, key, shown):
        value = row.get(key)
        if value is None:
            return ""
        return str(shown(value)) if callable(shown) else format(value, shown)
