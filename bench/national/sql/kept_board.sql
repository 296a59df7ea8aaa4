INSERT INTO kept_board (id, application_id, at, content, cooperative_id)
SELECT 1000 + row_number() OVER (ORDER BY m.id, m.step), m.id, m.moved_at, b.content, m.cooperative_id
FROM bench.moved m JOIN bench.board b USING (cooperative_id)
WHERE m.move IN ('submit', 'answer');
