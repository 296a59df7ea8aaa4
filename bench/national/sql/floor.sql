-- The floor's own tables: what an application made for one list alone would keep. The product never reads them.
CREATE SCHEMA floor;
CREATE TABLE floor.application AS
SELECT a.id, a.number, split_part(a.number, '/', 1) AS digits, a.cooperative_name, a.programme_id, p.name AS programme_name, a.amount_asked, a.amount_approved,
       a.status, a.submitted_at, a.decided_fiscal_year, c.office_id, c.province_id, a.search_text
FROM loan_application a JOIN cooperative c ON c.id = a.cooperative_id JOIN loan_programme p ON p.id = a.programme_id
WHERE a.submitted_at IS NOT NULL ORDER BY a.id;
ALTER TABLE floor.application ADD PRIMARY KEY (id);
CREATE INDEX ON floor.application (office_id, id);
CREATE INDEX ON floor.application (office_id, status, amount_asked, id);
CREATE INDEX ON floor.application (status, province_id, amount_asked, id);
CREATE INDEX ON floor.application (decided_fiscal_year, programme_id, id);
CREATE INDEX ON floor.application (amount_asked, id);
CREATE INDEX ON floor.application (cooperative_name, id);
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
    CREATE INDEX ON floor.application USING gin (search_text gin_trgm_ops);
    -- Parts of the year are in every number and tell nothing.
    CREATE INDEX ON floor.application USING gin (digits gin_trgm_ops);
  END IF;
END $$;
CREATE TABLE floor.province AS
SELECT v.name, a.decided_fiscal_year, count(*) AS loans, sum(a.amount_approved) AS amount
FROM floor.application a JOIN province v ON v.id = a.province_id WHERE a.status = 'approved' GROUP BY 1, 2;
CREATE TABLE floor.tally AS
SELECT office_id, province_id, status, decided_fiscal_year, programme_id, count(*) AS applications
FROM floor.application GROUP BY 1, 2, 3, 4, 5;
ANALYZE floor.application, floor.province, floor.tally;
