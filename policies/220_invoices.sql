-- Invoices: the numbers, the documents, and their lines, which are only ever added.

call app.apply_tenant_policies('app.invoice_series');
call app.apply_tenant_policies('app.invoices');
call app.apply_tenant_policies('app.invoice_items', 'append');
