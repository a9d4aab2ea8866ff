//! What a developer asks the handle: questions, followed audiences, numbers.

use super::request::{Order, Reply};
use super::{
    Answers, Ask, Audience, CommitError, Info, Params, QueryError, Stop, Subscription, Throng,
    Verified, ask, members,
};
use crate::state::View;

impl Throng {
    /// Runs a program of statements at the time of the clock.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// let throng = Throng::temporary()?;
    /// let answers = throng.query("declare event order; count people who did order")?;
    /// assert_eq!(answers.answers[1].rows().unwrap().rows, [[0.into()]]);
    /// let error = throng.query("count people who did oder").unwrap_err();
    /// assert!(error.to_string().contains("did you mean"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`QueryError`]. If the text is wrong, nothing of it was done.
    pub fn query(&self, text: &str) -> Result<Answers, QueryError> {
        self.ask(&Ask { text, ..Ask::default() })
    }

    /// The same with values for the text's `$name`s. A value stays a value,
    /// whatever it holds, and a definition keeps it as if it were written there.
    ///
    /// ```
    /// use throng::engine::{Params, Throng};
    /// let throng = Throng::temporary()?;
    /// throng.query("declare attribute country: text; declare event order")?;
    /// let text = "count people whose country = $country and count(order) >= $least";
    /// let params = Params::new().text("country", "SK").number("least", 3);
    /// let answers = throng.query_with(text, params)?;
    /// assert_eq!(answers.answers[0].rows().unwrap().rows, [[0.into()]]);
    ///
    /// let slip = throng.query_with(text, Params::new().text("contry", "SK").number("least", 3));
    /// assert!(slip.unwrap_err().to_string().contains("did you mean `$contry`?"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`QueryError`]. A name without a value is one, and so is a value without its name.
    pub fn query_with(&self, text: &str, params: Params) -> Result<Answers, QueryError> {
        self.ask(&Ask { text, params, ..Ask::default() })
    }

    /// Runs a program of statements as told.
    ///
    /// ```
    /// use throng::engine::{Ask, Throng};
    /// let throng = Throng::temporary()?;
    /// let text = "create audience visitors is everyone";
    /// assert!(throng.ask(&Ask { text, read_only: true, ..Ask::default() }).is_err());
    /// throng.ask(&Ask { text, at: Some("2026-03-01T00:00:00Z".parse()?), ..Ask::default() })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`QueryError`].
    pub fn ask(&self, asked: &Ask<'_>) -> Result<Answers, QueryError> {
        ask::ask(self, asked)
    }

    /// A place to read from that shows every commit acknowledged so far.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// let throng = Throng::temporary()?;
    /// let before = throng.view()?;
    /// throng.query("create audience visitors is everyone")?;
    /// assert_eq!(before.catalog().audiences().count(), 0);
    /// assert_eq!(throng.view()?.catalog().audiences().count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the handle is closed or stopped.
    // It shows the insides of rooms that promise nothing; who embeds asks in the language.
    #[doc(hidden)]
    pub fn view(&self) -> Result<View, CommitError> {
        if let Some(view) = self.shared().view() {
            return Ok(view);
        }
        match self.order(Order::View)? {
            Reply::View(view) => Ok(*view),
            _ => Err(CommitError::Closed),
        }
    }

    /// Who is in a standing audience now. The handle shows the moment at
    /// which it was asked for, and holds up nobody who writes.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// use throng::model::{Body, Call, Object};
    /// let throng = Throng::temporary()?;
    /// throng.query("declare event order; create audience buyers is people who did order")?;
    /// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
    /// call.user_id = Some("u-1".into());
    /// let before = throng.audience("buyers")?;
    /// throng.ingest(vec![call])?;
    /// assert_eq!((before.len(), throng.audience("buyers")?.len()), (0, 1));
    ///
    /// let slip = throng.audience("buyer").unwrap_err();
    /// assert_eq!(slip.to_string(), "there is no audience `buyer`; did you mean `buyers`?");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If there is no such audience, or this handle does not keep it.
    pub fn audience(&self, name: &str) -> Result<Audience, QueryError> {
        Audience::of(self.view()?, name)
    }

    /// Follows who enters and leaves an audience, from a record's number on
    /// (from the next one, without).
    ///
    /// ```
    /// use std::time::Duration;
    /// use throng::engine::Throng;
    /// use throng::model::{Body, Call, Object};
    /// let throng = Throng::temporary()?;
    /// throng.query("declare event order; create audience buyers is people who did order")?;
    /// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
    /// call.user_id = Some("u-1".into());
    /// throng.ingest(vec![call])?;
    /// let mut changes = throng.subscribe("buyers", Some(0))?;
    /// assert!(changes.next(Duration::ZERO)?.unwrap().entered);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If there is no such audience.
    pub fn subscribe(&self, audience: &str, from: Option<u64>) -> Result<Subscription, QueryError> {
        Subscription::new(self, audience, from)
    }

    /// Computes every audience afresh from all facts, and compares person by person.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// let throng = Throng::temporary()?;
    /// throng.query("create audience visitors is everyone")?;
    /// assert_eq!(throng.verify()?[0].differences, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`QueryError`].
    pub fn verify(&self) -> Result<Vec<Verified>, QueryError> {
        let view = self.view()?;
        let audiences: Vec<_> = view.catalog().audiences().cloned().collect();
        members::verify_all(&view, &audiences, &Stop::default())
    }

    /// Numbers about the database.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// let throng = Throng::temporary()?;
    /// throng.query("create audience visitors is everyone")?;
    /// // The definition, and the activation that makes it complete.
    /// assert_eq!(throng.info()?.lsn.0, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the handle is closed or stopped.
    pub fn info(&self) -> Result<Info, CommitError> {
        match self.order(Order::Info)? {
            Reply::Info(numbers) => Ok(numbers.with_bytes()),
            _ => Err(CommitError::Closed),
        }
    }
}
