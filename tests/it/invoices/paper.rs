//! Invoices as pages and files, and the list of them.
use std::collections::BTreeMap;

use chrono::TimeDelta;
use tithi::domains::invoices::NewInvoice;

use super::{credited, issued, line, money, paid};
use crate::catalogue::ids;
use crate::support::app::Service;

/// The text of a PDF as this service writes them: each font's map leads its glyphs back to letters.
fn text(pdf: &[u8]) -> String {
    let read = String::from_utf8_lossy(pdf);
    let mut maps: Vec<BTreeMap<u16, char>> = Vec::new();
    for block in read.split("begincmap").skip(1) {
        let block = block.split("endcmap").next().unwrap();
        let pairs = block.lines().filter_map(|line| {
            let mut hex = line.split(['<', '>']).filter(|part| !part.trim().is_empty());
            let (glyph, letter) = (hex.next()?, hex.next()?);
            let letter = u32::from_str_radix(letter, 16).ok().and_then(char::from_u32)?;
            Some((u16::from_str_radix(glyph, 16).ok()?, letter))
        });
        maps.push(pairs.collect());
    }
    assert_eq!(maps.len(), 2, "a regular and a bold font");
    let (mut found, mut font) = (String::new(), 0);
    for operation in Operations(pdf) {
        match operation {
            Operation::Font(bold) => font = usize::from(bold),
            Operation::Show(bytes) => {
                let glyphs = bytes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                found.extend(glyphs.map(|glyph| maps[font].get(&glyph).copied().unwrap_or('\u{fffd}')));
                found.push('\n');
            }
        }
    }
    found
}

enum Operation {
    Font(bool),
    Show(Vec<u8>),
}

/// What a page's content does, as far as it is about text.
struct Operations<'a>(&'a [u8]);

impl Iterator for Operations<'_> {
    type Item = Operation;

    fn next(&mut self) -> Option<Operation> {
        loop {
            let at = self.0.windows(2).position(|two| two == b"Tf" || two == b"Tj")?;
            let (before, operator) = (&self.0[..at], &self.0[at..at + 2]);
            self.0 = &self.0[at + 2..];
            if operator == b"Tf" {
                let name = before.rsplit(|byte| *byte == b'/').next()?;
                return Some(Operation::Font(name.first() == Some(&b'B')));
            }
            if let Some(shown) = string(before) {
                return Some(Operation::Show(shown));
            }
        }
    }
}

/// The string that stands last, as the file writes it: behind the place of its line (`x y Td`), or in hexadecimal.
fn string(before: &[u8]) -> Option<Vec<u8>> {
    let from = before.windows(3).rposition(|three| three == b"Td\n")? + 3;
    let written = before[from..].trim_ascii();
    if let Some(hex) = written.strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b">")) {
        let hex = std::str::from_utf8(hex).ok()?;
        return (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect();
    }
    let literal = written.strip_prefix(b"(")?.strip_suffix(b")")?;
    let (mut bytes, mut at) = (Vec::new(), 0);
    while let Some(&byte) = literal.get(at) {
        at += 1;
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let digits = literal[at..].iter().take(3).take_while(|digit| (b'0'..=b'7').contains(digit)).count();
        if digits > 0 {
            bytes.push(literal[at..at + digits].iter().fold(0, |sum: u8, digit| sum.wrapping_mul(8) + (digit - b'0')));
            at += digits;
            continue;
        }
        bytes.push(match *literal.get(at)? {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            other => other,
        });
        at += 1;
    }
    Some(bytes)
}

#[tokio::test]
async fn a_document_reads_the_same_on_the_page_and_in_the_file() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let own = serde_json::json!({"name": "Κουρείο Αθηνά & Söhne", "invoicing": {"address": "Ерёмина 3\nЛьвів"}});
    owner.patch(&format!("/api/v1/tenants/{}", tenant.id), &own).await.expect(200);
    for (amount, code, shown) in [(4_500, "EUR", "45.00 EUR"), (1_250, "JPY", "1250 JPY"), (1_250, "KWD", "1.250 KWD")]
    {
        let mut new = paid(&service, &tenant, money(amount, code)).await;
        new.lines = vec![line("Haircut <b>& Żółć</b>", amount, 1_900)];
        let payment = new.payment_id.unwrap();
        let made = issued(&service, &tenant, new).await.unwrap();
        let path = format!("/api/v1/invoices/{}", made.id);
        let file = owner.get(&format!("{path}/pdf")).await;
        assert_eq!((file.status.as_u16(), file.header("content-type")), (200, "application/pdf"));
        let reference = made.reference.unwrap();
        assert_eq!(file.header("content-disposition"), format!("attachment; filename=\"{reference}.pdf\""));
        assert!(file.body.starts_with(b"%PDF-1.") && file.body.len() < 120_000, "{} bytes", file.body.len());
        let page = owner.get(&format!("{path}/html")).await;
        assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
        let (file, page) = (text(&file.body), String::from_utf8(page.body).unwrap());
        for part in
            ["Κουρείο Αθηνά & Söhne", "Ерёмина 3", "Львів", "Haircut <b>& Żółć</b>", "19 %", "PAID", shown, &reference]
        {
            assert!(file.contains(part), "{part} in {file}");
            let part = part.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            assert!(page.contains(&part), "{part} in {page}");
        }
        assert!(!page.contains("style=") && !page.contains("<script"), "nothing is inline");
        let note =
            credited(&service, &tenant, (payment, service.new_id()), money(amount, code)).await.unwrap().unwrap();
        let file = text(&owner.get(&format!("/api/v1/invoices/{}/pdf", note.id)).await.body);
        assert!(file.contains("Credit note CN-") && file.contains(&format!("Credit for {reference}")), "{file}");
    }
    let style = owner.get("/assets/invoice.css").await;
    assert_eq!((style.status.as_u16(), style.header("content-type")), (200, "text/css; charset=utf-8"));
}

#[tokio::test]
async fn a_long_document_goes_on_overleaf() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let lines = (1..=100).map(|number| line(&format!("Item {number} {}", "long ".repeat(30)), 100, 0)).collect();
    let new = NewInvoice { lines, ..paid(&service, &tenant, money(1, "USD")).await };
    let made = issued(&service, &tenant, new).await.unwrap();
    let file = service.admin_of(&tenant).await.get(&format!("/api/v1/invoices/{}/pdf", made.id)).await;
    let text = text(&file.body);
    let sheets = text.lines().filter(|line| line.contains(" / ")).count();
    assert!(sheets > 5 && text.contains(&format!("{sheets} / {sheets}")), "{sheets}");
    assert!(text.contains("Item 100 ") && text.contains("100.00 USD"));
    assert_eq!(text.lines().filter(|line| *line == "Description").count(), sheets, "each sheet has its heads");
}

#[tokio::test]
async fn the_list_is_narrowed_and_walked() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let other = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let mut made = Vec::new();
    for _ in 0..5 {
        let new = paid(&service, &tenant, money(100, "USD")).await;
        made.push((new.payment_id.unwrap(), issued(&service, &tenant, new).await.unwrap()));
        service.clock.advance(TimeDelta::seconds(1));
    }
    credited(&service, &tenant, (made[0].0, service.new_id()), money(100, "USD")).await.unwrap();
    issued(&service, &other, paid(&service, &other, money(100, "USD")).await).await.unwrap();
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = admin.get(&format!("/api/v1/invoices?limit=2&kind=invoice{cursor}")).await.expect(200);
        seen.extend(ids(&page));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let newest_first: Vec<String> = made.iter().rev().map(|(_, invoice)| invoice.id.to_string()).collect();
    assert_eq!(seen, newest_first);
    let count = async |query: &str| {
        admin.get(&format!("/api/v1/invoices?include_total=true&{query}")).await.expect(200)["total"].as_u64().unwrap()
    };
    assert_eq!(count("kind=credit_note").await, 1);
    assert_eq!(count("status=credited").await, 1);
    let day = made[0].1.issued_on.unwrap();
    assert_eq!(count(&format!("issued_from={day}&issued_until={day}")).await, 6);
    assert_eq!(count(&format!("issued_from={}", day.succ_opt().unwrap().succ_opt().unwrap())).await, 0);
    assert_eq!(count(&format!("customer_id={}", service.new_id())).await, 0);
}
