"""The draw equals its statement, read by brute force; it is replayed from its certificate alone."""

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from scipy.optimize import linprog  # noqa: F401
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from allocations.draw import Auditor, Case, DrawError, DrawInput, draw, quotas, ticket
from allocations.tests.draw_frames import BruteForce, greedy_without_look_ahead, larger_frame, small_frame
