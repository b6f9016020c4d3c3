"""Discord: commands, modals, private threads, and one embed that grows by edits."""
