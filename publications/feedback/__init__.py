"""What goes into a unit's folder in answer to a file: receipt, result, marked workbook or findings workbook."""

from publications.feedback.build import render_feedback as render_feedback
from publications.feedback.facts import Feedback as Feedback
from publications.feedback.facts import FeedbackFile as FeedbackFile
