"""Read a table as received, check it against its contract and list every problem."""

from vrn_analysis.read.checks.dates import looks_like_a_date
from vrn_analysis.read.checks.labels import LABEL_PROBLEMS
from vrn_analysis.read.checks.pair import check_pair
from vrn_analysis.read.checks.problems import PROBLEM_COLUMNS, explain, problems, stop_if_unusable
from vrn_analysis.read.checks.read import Checked, check_rows, read
