-- What every application will be, drawn from its number alone: the same on every machine and with every plan.
CREATE TABLE bench.programme AS
SELECT fy, id, edition_id, types, row_number() OVER (PARTITION BY fy ORDER BY id) - 1 AS k,
       count(*) OVER (PARTITION BY fy) AS of_year
FROM (SELECT p.id, e.id AS edition_id,
             extract(year FROM p.opens_on)::int + 543 + (extract(month FROM p.opens_on) >= 10)::int AS fy,
             (SELECT array_agg(d.document_type_id ORDER BY d.required DESC, d.id) FROM programme_document d
              WHERE d.programme_id = p.id) AS types
      FROM loan_programme p JOIN programme_edition e ON e.programme_id = p.id AND e.number = 1
      WHERE p.opens_on <= (SELECT until FROM bench.wanted)) AS opened;

CREATE TABLE bench.sample AS
SELECT row_number() OVER (ORDER BY a.id) - 1 AS k, count(*) OVER () AS of_all, sent.content AS sent,
       approved.content AS approved
FROM loan_application a
JOIN kept_quote sent ON sent.application_id = a.id AND sent.kind = 'sent'
JOIN kept_quote approved ON approved.application_id = a.id AND approved.kind = 'approved';

CREATE TABLE bench.borrower AS
SELECT row_number() OVER (ORDER BY hashint8extended(id, 7)) - 1 AS k, id, office_id, name,
       CASE WHEN id > 1000 THEN id END AS preparer_id
FROM cooperative;

-- Without figures about these small tables each application would look through all of them.
ANALYZE bench.programme, bench.sample, bench.borrower, bench.course;

CREATE UNLOGGED TABLE bench.plan AS
WITH drawn AS MATERIALIZED (
  SELECT i, w.until, w.until - make_interval(secs => 86400 * w.days * (1 - i / w.rows::float8)) AS at,
         w.days * (1 - i / w.rows::float8) AS age, bench.chance(i, 2) AS ended,
         -- A few cooperatives ask often, most of them seldom.
         floor((SELECT count(*) FROM bench.borrower) * power(bench.chance(i, 1), 1.7))::bigint AS k,
         bench.chance(i, 3) AS sent, bench.chance(i, 4) AS term, bench.chance(i, 5) AS amount
  FROM bench.wanted w, generate_series(1, w.rows) AS i
), stated AS MATERIALIZED (
  SELECT *, CASE
      WHEN age < 150 THEN CASE
        WHEN ended < .12 THEN 'draft' WHEN ended < .24 THEN 'submitted' WHEN ended < .32 THEN 'received'
        WHEN ended < .54 THEN 'in_review' WHEN ended < .62 THEN 'returned' WHEN ended < .72 THEN 'recommended'
        WHEN ended < .80 THEN 'on_agenda' WHEN ended < .92 THEN 'approved' WHEN ended < .95 THEN 'rejected'
        WHEN ended < .98 THEN 'deferred' WHEN ended < .99 THEN 'withdrawn' ELSE 'expired' END
      WHEN ended < .74 THEN 'approved' WHEN ended < .88 THEN 'rejected' WHEN ended < .94 THEN 'withdrawn'
      ELSE 'expired' END AS state
  FROM drawn
), told AS MATERIALIZED (
  SELECT *, (state = 'withdrawn' AND sent < .17) OR (state = 'expired' AND sent < .5) AS unsent,
         extract(year FROM at AT TIME ZONE 'Asia/Bangkok')::int + 543
         + (extract(month FROM at AT TIME ZONE 'Asia/Bangkok') >= 10)::int AS fy
  FROM stated
)
SELECT 1000 + i AS id, i, at, until, age, state, unsent, fy, NOT unsent AND state <> 'draft' AS is_sent,
       (ARRAY[12, 24, 36, 48, 60])[1 + floor(term * 5)::int] AS months,
       round((200000 + amount * 9800000)::numeric, -5) AS asked, amount < .3 AS is_cut,
       b.id AS cooperative_id, b.name AS cooperative_name, b.office_id, b.preparer_id,
       p.id AS programme_id, p.edition_id, p.types, coalesce(c.steps, 0) AS steps,
       least(at + make_interval(days => 12 * greatest(coalesce(c.steps, 0) - 1, 0)), until) AS changed_at,
       age < 150 AND state IN ('submitted', 'received', 'in_review') AND i % 33 = 0 AS is_waiting,
       CASE WHEN NOT unsent AND state <> 'draft'
            THEN coalesce(n.last, 0) + row_number() OVER (PARTITION BY fy, NOT unsent AND state <> 'draft' ORDER BY i)
       END AS number
FROM told
JOIN bench.borrower b USING (k)
JOIN bench.programme p USING (fy)
LEFT JOIN (SELECT state, unsent, max(step) AS steps FROM bench.course GROUP BY 1, 2) c USING (state, unsent)
LEFT JOIN running_number n ON n.series = 'คก.' AND n.fiscal_year = fy
WHERE p.k = i % p.of_year;
ANALYZE bench.plan;
-- The demonstration's first cooperative always has something to go on with.
UPDATE bench.plan p SET cooperative_id = b.id, cooperative_name = b.name, office_id = b.office_id, preparer_id = b.preparer_id
FROM bench.borrower b JOIN membership m ON m.cooperative_id = b.id JOIN ab_user u ON u.id = m.user_id
WHERE u.username = 'coop1' AND p.i = (SELECT max(i) FROM bench.plan WHERE state = 'draft');
CREATE VIEW bench.moved AS
SELECT a.*, c.step, c.move, c.origin, c.target, c.role, least(a.at + make_interval(days => 12 * (c.step - 1)), a.until) AS moved_at
FROM bench.plan a JOIN bench.course c USING (state, unsent);

INSERT INTO running_number (series, fiscal_year, last)
SELECT 'คก.', fy, max(number) FROM bench.plan WHERE is_sent GROUP BY fy
ON CONFLICT (series, fiscal_year) DO UPDATE SET last = excluded.last;
-- The demonstration's envelopes are for a few applications a year.
UPDATE loan_programme SET envelope = 900000000000;
