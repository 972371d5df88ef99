# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""What a terminal shows: as much of xterm's language as ncurses speaks to it, without colours."""
import codecs
import re

SEQUENCE = re.compile(
    r"\x1b\[(?P<mark>[?>!]?)(?P<numbers>[\d;]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b[()][ -~]|\x1b(?P<short>[^\[\]()])")


class Picture:
    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.cells = [[" "] * columns for _ in range(rows)]
        self.row = self.column = 0
        self.top, self.bottom = 0, rows - 1
        self.last = " "
        self.rest = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def lines(self):
        return ["".join(cells).rstrip() for cells in self.cells]

    def feed(self, data):
        text, place = self.rest + self.decoder.decode(data), 0
        self.rest = ""
        while place < len(text):
            if text[place] == "\x1b":
                if not (match := SEQUENCE.match(text, place)):
                    # Cut: the rest is still to come.
                    self.rest = text[place:]
                    return
                place = match.end()
                self.obey(match)
            else:
                self.put(text[place])
                place += 1

    def put(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\n":
            if self.row == self.bottom:
                self.scroll(self.top, 1)
            else:
                self.row = min(self.row + 1, self.rows - 1)
        elif character == "\b":
            self.column = max(0, min(self.column, self.columns - 1) - 1)
        elif character == "\t":
            self.column = min(self.columns - 1, self.column // 8 * 8 + 8)
        elif character >= " ":
            # Behind the last column the cursor waits; ncurses never lets the terminal wrap.
            self.cells[self.row][min(self.column, self.columns - 1)] = self.last = character
            self.column += 1

    def scroll(self, top, lines):
        """Moves the lines from `top` to the end of the region up, or down where negative."""
        region = self.cells[top:self.bottom + 1]
        count = min(abs(lines), len(region))
        blank = [[" "] * self.columns for _ in range(count)]
        self.cells[top:self.bottom + 1] = region[count:] + blank if lines > 0 else blank + region[:len(region) - count]

    def obey(self, match):
        if match["short"] == "M":
            if self.row == self.top:
                self.scroll(self.top, -1)
            else:
                self.row = max(0, self.row - 1)
        if not match["final"] or match["mark"]:
            return
        numbers = [int(number or 0) for number in match["numbers"].split(";")]
        first, final = max(1, numbers[0]), match["final"]
        column, line = min(self.column, self.columns - 1), self.cells[self.row]
        match final:
            case "H":
                self.row, self.column = first - 1, max(1, numbers[1] if len(numbers) > 1 else 1) - 1
            case "G": self.column = first - 1
            case "d": self.row = first - 1
            case "A": self.row = max(0, self.row - first)
            case "B": self.row = min(self.rows - 1, self.row + first)
            case "C": self.column = min(self.columns - 1, column + first)
            case "D": self.column = max(0, column - first)
            case "b":
                for _ in range(first):
                    self.put(self.last)
            case "X": line[column:column + first] = " " * min(first, self.columns - column)
            case "P": line[column:] = (line[column + first:] + [" "] * first)[:self.columns - column]
            case "@": line[column:] = ([" "] * first + line[column:])[:self.columns - column]
            case "K": self.erase(line, column, numbers[0])
            case "J":
                self.erase(line, column, numbers[0])
                for row in {0: range(self.row + 1, self.rows), 1: range(self.row)}.get(numbers[0], range(self.rows)):
                    self.cells[row] = [" "] * self.columns
            case "L": self.scroll(self.row, -first)
            case "M": self.scroll(self.row, first)
            case "S": self.scroll(self.top, first)
            case "T": self.scroll(self.top, -first)
            case "r":
                self.top = first - 1
                self.bottom = (numbers[1] if len(numbers) > 1 and numbers[1] else self.rows) - 1
                self.row = self.column = 0

    def erase(self, line, column, how):
        start, end = {0: (column, self.columns), 1: (0, column + 1)}.get(how, (0, self.columns))
        line[start:end] = " " * (end - start)
