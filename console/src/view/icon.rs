//! Every drawing of the console: one line, 24 by 24, in the colour of its text. Never the only sign of anything.

use crate::prelude::*;

/// A drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// The mark of the product.
    Mark,
    /// An agent.
    Agent,
    /// Conversations.
    Inbox,
    /// Traces.
    Trace,
    /// Figures.
    Chart,
    /// Keys.
    Key,
    /// What was done.
    Shield,
    /// Settings.
    Gear,
    /// It is so, or it worked.
    Tick,
    /// It is not, or it goes away.
    Cross,
    /// The menu of a phone.
    Menu,
    /// Something new.
    Plus,
    /// Finding.
    Find,
    /// Copying.
    Copy,
    /// Leads elsewhere.
    Out,
    /// Trying.
    Play,
    /// Opens downwards.
    Down,
    /// Removing.
    Bin,
    /// Putting in.
    Upload,
    /// A document.
    Page,
    /// Take care.
    Warn,
    /// Once more.
    Again,
    /// Back.
    Back,
    /// It helped.
    ThumbUp,
    /// It did not.
    ThumbDown,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Mark => {
                "M4 11.500C4 7.400 7.600 4 12 4s8 3.400 8 7.500-3.600 7.500-8 7.500c-1 0-2-.2-2.900-.5L5 20l.9-3.300A7.200 7.200 0 0 1 4 11.500z"
            }
            Self::Agent => {
                "M8 8h8a3 3 0 0 1 3 3v5a3 3 0 0 1-3 3H8a3 3 0 0 1-3-3v-5a3 3 0 0 1 3-3zM12 8V5M9.500 13v1.500M14.500 13v1.500"
            }
            Self::Inbox => "M4 13l2.500-8h11L20 13v5a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zM4 13h5l1 2.500h4l1-2.500h5",
            Self::Trace => "M4 7h9M8 12h11M4 17h7",
            Self::Chart => "M5 20V10M12 20V4M19 20v-7",
            Self::Key => "M12 15a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM11 12l8-8M16 7l3 3",
            Self::Shield => "M12 3l7 3v5.500c0 4.500-3 7.500-7 9.500-4-2-7-5-7-9.500V6z",
            Self::Gear => {
                "M15 12a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM12 3v3M12 18v3M3 12h3M18 12h3M5.600 5.600l2.100 2.100M16.300 16.300l2.100 2.100M18.400 5.600l-2.100 2.100M7.700 16.300l-2.100 2.100"
            }
            Self::Tick => "M5 12.500l4.500 4.500L19 7.500",
            Self::Cross => "M6 6l12 12M18 6L6 18",
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Find => "M17 11a6 6 0 1 1-12 0 6 6 0 0 1 12 0zM15.500 15.500L20 20",
            Self::Copy => "M9 9h10v11H9zM15 9V4H5v11h4",
            Self::Out => "M10 5H5v14h14v-5M14 5h5v5M19 5l-9 9",
            Self::Play => "M8 5.500v13l10-6.500z",
            Self::Down => "M6 9.500l6 6 6-6",
            Self::Bin => "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
            Self::Upload => "M12 16V5M7.500 9.500L12 5l4.500 4.500M5 19h14",
            Self::Page => "M7 3h7l4 4v14H7zM14 3v4h4",
            Self::Warn => "M12 4l9 16H3zM12 10v4M12 17v.2",
            Self::Again => "M19 12a7 7 0 1 1-2.100-5M19 4v4h-4",
            Self::Back => "M14 6l-6 6 6 6",
            Self::ThumbUp => {
                "M7 11v9H4v-9zM7 11l4-7a2.500 2.500 0 0 1 2.500 2.500V10H18a2 2 0 0 1 2 2.300l-1 6a2 2 0 0 1-2 1.700H7"
            }
            Self::ThumbDown => {
                "M7 13V4H4v9zM7 13l4 7a2.500 2.500 0 0 0 2.500-2.500V14H18a2 2 0 0 0 2-2.300l-1-6A2 2 0 0 0 17 4H7"
            }
        }
    }
}

/// The drawing; hidden from those who cannot see it, for a word always stands beside it.
pub fn icon(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=icon.path()></path>
        </svg>
    }
}
