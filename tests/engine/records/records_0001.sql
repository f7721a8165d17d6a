BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE events (
	number INTEGER NOT NULL, 
	time TEXT NOT NULL, 
	who TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	payload TEXT NOT NULL, 
	previous_hash TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "events" VALUES(1,'2026-11-21T15:13:58.772Z','reader','picture','noted','{"number":0}','0000000000000000000000000000000000000000000000000000000000000000','bdd6550802fadfb77daaeae7d2be8131c135d22c19ac02bcc8e2e011e1dd8021');
INSERT INTO "events" VALUES(2,'2026-11-21T15:13:58.774Z','reader','picture','noted','{"number":1}','bdd6550802fadfb77daaeae7d2be8131c135d22c19ac02bcc8e2e011e1dd8021','bbc98d4651c63703a69cefcbfcd7e8399d4086bd9b6a641a0cb94c64d794d869');
CREATE INDEX events_by_subject ON events (subject, number);
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END;
CREATE TRIGGER events_follow_each_other BEFORE INSERT ON events
    WHEN NEW.number IS NOT 1 + COALESCE((SELECT MAX(number) FROM events), 0)
      OR NEW.previous_hash IS NOT COALESCE(
        (SELECT hash FROM events ORDER BY number DESC LIMIT 1),
        '0000000000000000000000000000000000000000000000000000000000000000'
      )
    BEGIN SELECT RAISE(ABORT, 'an event follows the last one'); END;
COMMIT;
