"""What is a usable secret: in a text, in one setting, on a command line, in binary data.

Three detectors look at each setting: the value's shape (`shapes`), its key (`lexicon`) and the fields that programs
declare (`products`); `references` takes away what is resolved elsewhere or could not be used.
"""

from hmco_charts.credentials.hit import Confidence, Hit
from hmco_charts.credentials.judgement import judge
from hmco_charts.credentials.shapes import SHAPES
from hmco_charts.credentials.text import find, find_in_bytes, in_command

__all__ = ["SHAPES", "Confidence", "Hit", "find", "find_in_bytes", "in_command", "judge"]
