"""The read side: functions that answer one question each with a Select or row dataclasses, visibility applied."""
