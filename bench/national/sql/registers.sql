-- People and what cooperatives hand in every year; the cooperatives themselves are there already.
INSERT INTO board_member (id, full_name, position, term_starts_on, term_ends_on, cooperative_id, version)
SELECT 7 * id + j, 'กรรมการ ' || j || ' สหกรณ์ที่ ' || id,
       CASE j WHEN 1 THEN 'ประธานกรรมการ' WHEN 7 THEN 'ผู้จัดการ' ELSE 'กรรมการ' END, '2026-01-15', '2028-01-14', id, 1
FROM cooperative, generate_series(1, 7) AS j WHERE id > 1000;
INSERT INTO financial_year (id, cooperative_id, year, members, share_capital, reserve, debts, profit, control_class, version)
SELECT 3 * id + j, id, 2565 + j, 500 + id % 900, 10000000 + id * 10000, 1000000, 5000000, 900000, '2', 1
FROM cooperative, generate_series(1, 3) AS j WHERE id > 1000;

INSERT INTO ab_user (id, first_name, last_name, username, password, active, email, login_count, created_on, changed_on)
SELECT i, 'ผู้ใช้', 'คนที่ ' || i, 'user' || i, (SELECT password FROM ab_user WHERE username = 'coop1'), true,
       'user' || i || '@example.or.th', 3, until, until
FROM bench.wanted, generate_series(1001, 11000) AS i;
-- A preparer for each cooperative, a signatory for some, and staff.
INSERT INTO membership (id, user_id, role, active, cooperative_id, version)
SELECT id, id, 'cooperative_preparer', true, id, 1 FROM cooperative WHERE id > 1000
UNION ALL
SELECT 6000 + id, 6000 + id, 'cooperative_signatory', true, id, 1 FROM cooperative WHERE id BETWEEN 1001 AND 4700;
INSERT INTO ab_user_role (id, user_id, role_id)
SELECT i, i, (SELECT id FROM ab_role WHERE name = CASE WHEN i % 20 = 0 THEN 'fund_officer' ELSE 'provincial_officer' END)
FROM generate_series(10701, 11000) AS i;
INSERT INTO office_post (id, user_id, office_id, version)
SELECT i, i, o.id, 1 FROM generate_series(10701, 11000) AS i
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k, count(*) OVER () AS of_all FROM office
      WHERE active AND kind <> 'central') AS o ON o.k = i % o.of_all
WHERE i % 20 <> 0;
