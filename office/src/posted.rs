//! What a form sent, for the page that takes it back with its problems.

/// Fields as sent, in their order, and what is wrong with them as a whole.
#[derive(Debug, Clone, Default)]
pub struct Posted {
    fields: Vec<(String, String)>,
    pub error: Option<String>,
}

impl Posted {
    pub fn new(fields: Vec<(String, String)>) -> Self {
        Self { fields, error: None }
    }

    /// Reads a form's body.
    pub fn decode(body: &str) -> Self {
        Self::new(form_urlencoded::parse(body.as_bytes()).into_owned().collect())
    }

    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn with_error(mut self, sentence: &str) -> Self {
        self.error = Some(sentence.to_owned());
        self
    }

    /// Secrets are not written back into a page.
    pub fn without(mut self, names: &[&str]) -> Self {
        self.fields.retain(|(name, _)| !names.contains(&name.as_str()));
        self
    }

    /// Without the fields whose names begin so.
    pub fn without_prefix(mut self, prefix: &str) -> Self {
        self.fields.retain(|(name, _)| !name.starts_with(prefix));
        self
    }

    /// Nothing but these fields.
    pub fn only(mut self, names: &[&str]) -> Self {
        self.fields.retain(|(name, _)| names.contains(&name.as_str()));
        self
    }

    pub fn set(&mut self, name: &str, value: &str) {
        match self.fields.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value.to_owned(),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every field of this name, in their order.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The field, or nothing.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or("")
    }

    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.error.is_none()
    }
}

/// A token as it may stand in an address.
pub fn token_only(text: &str) -> String {
    text.chars().filter(char::is_ascii_hexdigit).take(64).collect()
}
