"""Telegram: updates become events, screens become one message that grows by edits."""
