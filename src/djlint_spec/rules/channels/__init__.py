"""Rules on channels, consumers and asynchronous code."""
