//! 评选: who is nominated, what they score, who is chosen and why. Points are exact decimals, amounts whole 元.

pub mod edition;
pub mod ranking;
pub mod record;
