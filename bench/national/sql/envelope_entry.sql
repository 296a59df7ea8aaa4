INSERT INTO envelope_entry (id, programme_id, application_id, kind, amount, at, cooperative_id)
SELECT 1000 + row_number() OVER (ORDER BY at, id, kind DESC), programme_id, id, kind, amount, at, cooperative_id
FROM (SELECT programme_id, id, 'reserve' AS kind, asked AS amount, at, cooperative_id FROM bench.plan
      WHERE is_sent AND NOT is_waiting
      UNION ALL
      SELECT programme_id, id, 'commit', bench.granted(asked, is_cut), changed_at, cooperative_id FROM bench.plan
      WHERE state = 'approved'
      UNION ALL
      SELECT programme_id, id, 'release', asked - CASE WHEN state = 'approved' THEN bench.granted(asked, is_cut) ELSE 0 END,
             changed_at, cooperative_id FROM bench.plan
      WHERE is_sent AND (state IN ('rejected', 'withdrawn', 'expired')
                         OR state = 'approved' AND asked > bench.granted(asked, is_cut))) AS entries;
