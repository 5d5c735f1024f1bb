//! What a wall screen asks.

use office::facts::Unavailable;

use crate::load::newest_edition;

/// Names the edition a wall screen shows; another answer means that there is something newer.
pub(crate) async fn showing(plan: Option<&str>) -> Result<String, Unavailable> {
    Ok(newest_edition(plan, None).await?.map(|edition| edition.sha256).unwrap_or_default())
}
