-- Ways to practise, and what an answer tells beyond its words. Sessions of before had no follow-ups,
-- so their questions count by their turns.

ALTER TABLE session ADD COLUMN mode TEXT NOT NULL DEFAULT 'coach';
ALTER TABLE session ADD COLUMN follow_ups INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN rate_first INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN cv TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN practise TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN focus TEXT;

ALTER TABLE answer ADD COLUMN number INTEGER NOT NULL DEFAULT 1;
ALTER TABLE answer ADD COLUMN follows INTEGER NOT NULL DEFAULT 0;
ALTER TABLE answer ADD COLUMN corrected INTEGER NOT NULL DEFAULT 0;
ALTER TABLE answer ADD COLUMN rating INTEGER;
ALTER TABLE answer ADD COLUMN late REAL NOT NULL DEFAULT 0;
ALTER TABLE answer ADD COLUMN unscored_quote TEXT NOT NULL DEFAULT '';
ALTER TABLE answer ADD COLUMN start_delay REAL;
ALTER TABLE answer ADD COLUMN articulation_rate REAL;
ALTER TABLE answer ADD COLUMN phrase_fillers INTEGER;
ALTER TABLE answer ADD COLUMN repetitions INTEGER;
ALTER TABLE answer ADD COLUMN hedges INTEGER;

UPDATE answer SET number = turn + 1;
UPDATE answer SET start_delay = 0 WHERE seconds IS NOT NULL; -- of all that were spoken, as later

ALTER TABLE review ADD COLUMN off_topic TEXT;
ALTER TABLE review ADD COLUMN follow_up TEXT NOT NULL DEFAULT '';
