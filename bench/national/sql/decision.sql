INSERT INTO decision (
  id, application_id, outcome, amount, body, decided_on, meeting_no, reason, recorded_at, recorded_by_id, cooperative_id)
SELECT 1000 + row_number() OVER (ORDER BY changed_at, id), id, state,
       CASE WHEN state = 'approved' THEN bench.granted(asked, is_cut) END, 'subcommittee',
       (changed_at AT TIME ZONE 'Asia/Bangkok')::date, '2/' || fy, 'มติที่ประชุม', changed_at,
       (SELECT id FROM ab_user WHERE username = 'committee1'), cooperative_id
FROM bench.plan WHERE state IN ('approved', 'rejected', 'deferred');
