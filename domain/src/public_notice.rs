//! What every 公示 says besides its list: who puts it before the public and takes objections, and how to reach them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::chinese_date;

/// Who puts something before the public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuer {
    /// As it signs: 福州市工业和信息化局.
    pub name: String,
    /// Telephone, address, mail: whatever reaches it.
    pub contact: String,
}

impl Issuer {
    /// How to object, and to whom.
    pub fn how_to_object(&self) -> String {
        format!(
            "对公示内容有异议的，请在公示期内书面提出，写明事实、理由和联系方式。受理单位：{}；联系方式：{}。",
            self.name, self.contact
        )
    }

    /// 福州市工业和信息化局　2021年6月29日: the last line.
    pub fn signed(&self, on: NaiveDate) -> String {
        format!("{}　{}", self.name, chinese_date(on))
    }
}
