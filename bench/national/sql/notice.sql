INSERT INTO notice (id, user_id, application_id, move, at, read_at, cooperative_id)
SELECT 1000 + row_number() OVER (ORDER BY moved_at, application_id, user_id), user_id, application_id, move, moved_at,
       CASE WHEN is_read THEN moved_at + interval '1 day' END, cooperative_id
FROM (SELECT preparer_id AS user_id, id AS application_id, move, moved_at, age > 60 AS is_read, cooperative_id
      FROM bench.moved WHERE fy >= 2569 AND preparer_id IS NOT NULL
      UNION ALL
      SELECT u.user_id, m.id, m.move, m.moved_at, m.age > 60, m.cooperative_id
      FROM bench.moved m JOIN membership u USING (cooperative_id) WHERE m.preparer_id IS NULL AND m.fy >= 2569
      UNION ALL
      SELECT p.user_id, m.id, m.move, m.moved_at, m.id % 2 = 0, m.cooperative_id
      FROM bench.moved m JOIN office_post p USING (office_id) JOIN ab_user u ON u.id = p.user_id
      WHERE m.move = 'submit' AND u.username LIKE 'officer%'
      UNION ALL
      SELECT u.id, m.id, m.move, m.moved_at, m.id % 10 < 4, m.cooperative_id
      FROM bench.moved m JOIN ab_user u ON u.username = CASE m.move WHEN 'recommend' THEN 'fund' ELSE 'committee1' END
      WHERE m.move IN ('recommend', 'put_forward') AND m.id % 7 = 0) AS told;
