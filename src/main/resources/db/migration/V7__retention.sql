-- Learner data goes by the age of its transfer's end, so that a changed setting acts on what is stored already; a day of
-- its own for each document was never written.
alter table document drop column delete_after;
create index document_created on document (created_at);
