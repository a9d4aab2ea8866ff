"""Cells of an engine's answer as text, the same for every engine."""

import decimal
import json


def text(cell):
    if isinstance(cell, list):
        return json.dumps(cell)
    if isinstance(cell, bool):
        return str(cell).lower()
    return format(cell, "f") if isinstance(cell, decimal.Decimal) else str(cell)
