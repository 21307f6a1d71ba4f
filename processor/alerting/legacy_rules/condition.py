"""What a condition says, as values; places count characters of its text from 0."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A number as it was written."""

    text: str
    at: int


@dataclass(frozen=True)
class Name:
    """One of the known names."""

    name: str
    at: int


@dataclass(frozen=True)
class Negative:
    """A quantity with its sign turned."""

    of: "Quantity"
    at: int


@dataclass(frozen=True)
class Arithmetic:
    """Two quantities and `+ - * /`."""

    sign: str
    left: "Quantity"
    right: "Quantity"
    at: int


@dataclass(frozen=True)
class Comparison:
    """Two quantities and `< <= > >= == !=`; at least one of them holds a name."""

    sign: str
    left: "Quantity"
    right: "Quantity"
    at: int


@dataclass(frozen=True)
class Both:
    """`and`."""

    left: "Condition"
    right: "Condition"
    at: int


@dataclass(frozen=True)
class Either:
    """`or`."""

    left: "Condition"
    right: "Condition"
    at: int


@dataclass(frozen=True)
class Not:
    """`not`."""

    of: "Condition"
    at: int


Quantity = Number | Name | Negative | Arithmetic
Condition = Comparison | Both | Either | Not


def is_constant(quantity: Quantity) -> bool:
    """Tell whether a quantity is the same whatever was measured."""
    match quantity:
        case Number():
            return True
        case Name():
            return False
        case Negative(of):
            return is_constant(of)
        case Arithmetic(_, left, right):
            return is_constant(left) and is_constant(right)


def names_in(condition: Condition | Quantity) -> tuple[str, ...]:
    """List the names that a condition uses, each once, in their order."""
    match condition:
        case Number():
            return ()
        case Name(name):
            return (name,)
        case Negative(of) | Not(of):
            return names_in(of)
        case Arithmetic(_, left, right) | Comparison(_, left, right) | Both(left, right) | Either(left, right):
            return tuple(dict.fromkeys((*names_in(left), *names_in(right))))
