-- The view of the simulated institution: invented learners, in the columns that README.md describes.
drop table if exists emrex_credit;
create table emrex_credit (
  credit_id varchar(200) not null primary key,
  parent_credit_id varchar(200),
  student_no varchar(200),
  national_id varchar(200),
  esi varchar(200),
  given_names varchar(200),
  family_name varchar(200),
  birth_date date,
  citizenship2 varchar(200),
  issuer_schac varchar(200),
  issuer_erasmus varchar(200),
  issuer_title varchar(200),
  issuer_url varchar(200),
  issuer_country varchar(200),
  los_code varchar(200),
  los_type varchar(200),
  title_local varchar(200),
  title_lang varchar(200),
  title_en varchar(200),
  result_label varchar(200),
  result_status varchar(200),
  grading_scheme_code varchar(200),
  grading_scheme_desc varchar(200),
  credits decimal(12, 6),
  credit_scheme varchar(200),
  eqf_level varchar(200),
  language2 varchar(200),
  term_title varchar(200),
  term_start date,
  term_end date,
  result_date date,
  isced_f varchar(200),
  recognised_from varchar(200),
  updated_at timestamp
);
-- Testi Maija Elina Esimerkki: also known to the simulated VIRTA.
insert into emrex_credit (credit_id, student_no, national_id, esi, given_names, family_name, birth_date, citizenship2, issuer_schac, issuer_erasmus, issuer_title, issuer_url, issuer_country, los_code, los_type, title_local, title_lang, title_en, result_label, result_status, grading_scheme_code, grading_scheme_desc, credits, credit_scheme, eqf_level, language2, term_title, term_start, term_end, result_date, isced_f, updated_at)
values ('SV-902-01', 'E902', '170599-902M', 'urn:schac:personalUniqueCode:int:esi:esimerkki-amk.example:E902', 'Testi Maija Elina', 'Esimerkki', '1999-05-17', 'FI', 'esimerkki-amk.example', 'SF ESIMERK01', 'Esimerkki University of Applied Sciences', 'https://www.esimerkki-amk.example', 'FI', 'TEK101', 'course', 'Tietokannat', 'fi', 'Databases', '4', 'passed', '0-5', '0-5, where 1 is the lowest pass and 5 the best grade', 5.000000, 'ects', '6', 'fi', 'Autumn 2023', '2023-08-01', '2023-12-31', '2023-12-15', '0612', '2023-12-15 12:00:00');
insert into emrex_credit (credit_id, student_no, national_id, esi, given_names, family_name, birth_date, citizenship2, issuer_schac, issuer_erasmus, issuer_title, issuer_url, issuer_country, los_code, los_type, title_local, title_lang, title_en, result_label, result_status, grading_scheme_code, grading_scheme_desc, credits, credit_scheme, eqf_level, language2, term_title, term_start, term_end, result_date, isced_f, updated_at)
values ('SV-902-02', 'E902', '170599-902M', 'urn:schac:personalUniqueCode:int:esi:esimerkki-amk.example:E902', 'Testi Maija Elina', 'Esimerkki', '1999-05-17', 'FI', 'esimerkki-amk.example', 'SF ESIMERK01', 'Esimerkki University of Applied Sciences', 'https://www.esimerkki-amk.example', 'FI', 'TEK102', 'course', 'Ohjelmoinnin perusteet', 'fi', 'Introduction to programming', '5', 'passed', '0-5', '0-5, where 1 is the lowest pass and 5 the best grade', 10.000000, 'ects', '6', 'fi', 'Spring 2024', '2024-01-01', '2024-07-31', '2024-05-20', '0613', '2024-05-20 12:00:00');
insert into emrex_credit (credit_id, student_no, national_id, esi, given_names, family_name, birth_date, citizenship2, issuer_schac, issuer_erasmus, issuer_title, issuer_url, issuer_country, los_code, los_type, title_local, title_lang, title_en, result_label, result_status, grading_scheme_code, grading_scheme_desc, credits, credit_scheme, eqf_level, language2, term_title, term_start, term_end, result_date, updated_at)
values ('SV-902-03', 'E902', '170599-902M', 'urn:schac:personalUniqueCode:int:esi:esimerkki-amk.example:E902', 'Testi Maija Elina', 'Esimerkki', '1999-05-17', 'FI', 'esimerkki-amk.example', 'SF ESIMERK01', 'Esimerkki University of Applied Sciences', 'https://www.esimerkki-amk.example', 'FI', 'KIE020', 'course', 'Tekninen englanti', 'fi', 'Technical English', 'HYV', 'passed', 'pass-fail', 'Pass or fail', 2.500000, 'ects', '6', 'en', 'Spring 2024', '2024-01-01', '2024-07-31', '2024-04-02', '2024-04-02 12:00:00');
insert into emrex_credit (credit_id, student_no, national_id, esi, given_names, family_name, birth_date, citizenship2, issuer_schac, issuer_title, issuer_url, issuer_country, los_code, los_type, title_local, title_lang, title_en, result_label, result_status, grading_scheme_code, grading_scheme_desc, credits, credit_scheme, eqf_level, language2, term_title, term_start, term_end, result_date, updated_at)
values ('SV-902-04', 'E902', '170599-902M', 'urn:schac:personalUniqueCode:int:esi:esimerkki-amk.example:E902', 'Testi Maija Elina', 'Esimerkki', '1999-05-17', 'FI', 'oulu.fi', 'University of Oulu', 'https://www.oulu.fi', 'FI', 'AVO310', 'course', 'Johdatus filosofiaan', 'fi', 'Introduction to philosophy', '3', 'passed', '0-5', '0-5, where 1 is the lowest pass and 5 the best grade', 5.000000, 'ects', '6', 'fi', 'Spring 2024', '2024-01-01', '2024-07-31', '2024-03-08', '2024-03-08 12:00:00');
-- Testi Kalle Näyte: nested credits, and one earned elsewhere.
insert into emrex_credit (credit_id, student_no, national_id, esi, given_names, family_name, birth_date, citizenship2, issuer_schac, issuer_erasmus, issuer_title, issuer_url, issuer_country, los_code, los_type, title_local, title_lang, title_en, result_status, credits, credit_scheme, eqf_level, result_date, updated_at)
values ('SV-910-01', 'E910', '010101A9102', 'urn:schac:personalUniqueCode:int:esi:esimerkki-amk.example:E910', 'Testi Kalle', 'Näyte', '2001-01-01', 'SE', 'esimerkki-amk.example', 'SF ESIMERK01', 'Esimerkki University of Applied Sciences', 'https://www.esimerkki-amk.example', 'FI', 'INS', 'degree', 'Insinööri (AMK), tietotekniikka', 'fi', 'Bachelor of Engineering, Information Technology', 'in-progress', 12.500000, 'ects', '6', '2024-06-01', '2024-06-01 12:00:00');
insert into emrex_credit (credit_id, parent_credit_id, student_no, national_id, esi, given_names, family_name, birth_date, citizenship2, issuer_schac, issuer_erasmus, issuer_title, issuer_url, issuer_country, los_code, los_type, title_local, title_lang, title_en, result_label, result_status, grading_scheme_code, grading_scheme_desc, credits, credit_scheme, eqf_level, language2, result_date, updated_at)
values ('SV-910-02', 'SV-910-01', 'E910', '010101A9102', 'urn:schac:personalUniqueCode:int:esi:esimerkki-amk.example:E910', 'Testi Kalle', 'Näyte', '2001-01-01', 'SE', 'esimerkki-amk.example', 'SF ESIMERK01', 'Esimerkki University of Applied Sciences', 'https://www.esimerkki-amk.example', 'FI', 'MOD10', 'module', 'Ohjelmistotuotanto', 'fi', 'Software engineering', '4', 'passed', '0-5', '0-5, where 1 is the lowest pass and 5 the best grade', 12.500000, 'ects', '6', 'fi', '2024-05-31', '2024-05-31 12:00:00');
insert into emrex_credit (credit_id, parent_credit_id, student_no, national_id, esi, given_names, family_name, birth_date, citizenship2, issuer_schac, issuer_erasmus, issuer_title, issuer_url, issuer_country, los_code, los_type, title_local, title_lang, title_en, result_label, result_status, grading_scheme_code, grading_scheme_desc, credits, credit_scheme, eqf_level, language2, term_title, term_start, term_end, result_date, updated_at)
values ('SV-910-03', 'SV-910-02', 'E910', '010101A9102', 'urn:schac:personalUniqueCode:int:esi:esimerkki-amk.example:E910', 'Testi Kalle', 'Näyte', '2001-01-01', 'SE', 'esimerkki-amk.example', 'SF ESIMERK01', 'Esimerkki University of Applied Sciences', 'https://www.esimerkki-amk.example', 'FI', 'TEK201', 'course', 'Ohjelmistotestaus', 'fi', 'Software testing', '4', 'passed', '0-5', '0-5, where 1 is the lowest pass and 5 the best grade', 5.000000, 'ects', '6', 'fi', 'Autumn 2023', '2023-08-01', '2023-12-31', '2023-12-01', '2023-12-01 12:00:00');
insert into emrex_credit (credit_id, parent_credit_id, student_no, national_id, esi, given_names, family_name, birth_date, citizenship2, issuer_schac, issuer_erasmus, issuer_title, issuer_url, issuer_country, los_code, los_type, title_local, title_lang, title_en, result_label, result_status, grading_scheme_code, grading_scheme_desc, credits, credit_scheme, eqf_level, language2, term_title, term_start, term_end, result_date, updated_at)
values ('SV-910-04', 'SV-910-02', 'E910', '010101A9102', 'urn:schac:personalUniqueCode:int:esi:esimerkki-amk.example:E910', 'Testi Kalle', 'Näyte', '2001-01-01', 'SE', 'esimerkki-amk.example', 'SF ESIMERK01', 'Esimerkki University of Applied Sciences', 'https://www.esimerkki-amk.example', 'FI', 'TEK202', 'course', 'Ohjelmistoprojekti', 'fi', 'Software project', '4', 'passed', '0-5', '0-5, where 1 is the lowest pass and 5 the best grade', 7.500000, 'ects', '6', 'fi', 'Spring 2024', '2024-01-01', '2024-07-31', '2024-05-31', '2024-05-31 12:00:00');
insert into emrex_credit (credit_id, parent_credit_id, student_no, national_id, esi, given_names, family_name, birth_date, citizenship2, issuer_schac, issuer_erasmus, issuer_title, issuer_url, issuer_country, los_code, los_type, title_local, title_lang, title_en, result_label, result_status, grading_scheme_code, grading_scheme_desc, credits, credit_scheme, eqf_level, language2, result_date, recognised_from, updated_at)
values ('SV-910-05', 'SV-910-01', 'E910', '010101A9102', 'urn:schac:personalUniqueCode:int:esi:esimerkki-amk.example:E910', 'Testi Kalle', 'Näyte', '2001-01-01', 'SE', 'esimerkki-amk.example', 'SF ESIMERK01', 'Esimerkki University of Applied Sciences', 'https://www.esimerkki-amk.example', 'FI', 'VAI001', 'course', 'Vaihto-opinnot', 'fi', 'Exchange studies', 'HYV', 'passed', 'pass-fail', 'Pass or fail', 15.000000, 'ects', '6', 'fi', '2024-05-31', 'Beispiel Universität', '2024-05-31 12:00:00');
