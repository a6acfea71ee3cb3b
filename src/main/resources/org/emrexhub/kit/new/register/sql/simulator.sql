-- Demo only: the view of an invented register, with one invented learner.
drop table if exists credit;
create table credit (
  credit_id varchar(40) not null primary key,
  student_no varchar(40), given_names varchar(80), family_name varchar(80), birth_date date,
  course_code varchar(40), course_title varchar(200), state varchar(20), grade varchar(20), ects decimal(6, 2),
  credit_date date, teacher varchar(80)
);
insert into credit values
  ('r1', 'S1234567', 'Testi Tiina', 'Esimerkki', '2001-03-04', 'PHYS101', 'Introduction to physics', 'done', 'B', 5, '2025-05-30', 'O. Opettaja'),
  ('r2', 'S1234567', 'Testi Tiina', 'Esimerkki', '2001-03-04', 'PHYS102', 'Mechanics', 'enrolled', null, null, '2025-09-01', 'O. Opettaja');
