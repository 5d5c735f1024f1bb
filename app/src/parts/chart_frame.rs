//! Every chart in the same frame: the finding as title, unit and period below it, the drawing, source, table and CSV.

use domain::bulletin::tables::Table;
use leptos::prelude::*;

use crate::charts::Drawn;

/// A chart with everything around it.
pub(crate) struct ChartFrame {
    /// Its name in addresses: of the place on the page, and of the file.
    pub(crate) name: &'static str,
    pub(crate) title: String,
    pub(crate) subtitle: String,
    pub(crate) drawn: Drawn,
    pub(crate) source: String,
    pub(crate) csv: Option<String>,
    /// The chart as a picture, for a slide or a chat.
    pub(crate) picture: Option<String>,
    pub(crate) table: Table,
}

impl ChartFrame {
    pub(crate) fn view(self) -> AnyView {
        let csv = self.csv.map(|address| {
            view! {
                <a class="file" href=address>
                    "CSV"
                </a>
            }
        });
        let picture = self.picture.map(|address| {
            view! {
                <a class="file" href=address>
                    "图片"
                </a>
                " "
            }
        });
        view! {
            <figure class="chart" id=format!("chart-{}", self.name)>
                <figcaption>
                    <h2>{self.title}</h2>
                    <p class="subtitle">{self.subtitle}</p>
                </figcaption>
                <a class="skip" href=format!("#after-{}", self.name)>
                    "跳过图中各点"
                </a>
                <div class="desk" inner_html=self.drawn.desk />
                <div class="phone" inner_html=self.drawn.phone />
                <p class="source" id=format!("after-{}", self.name)>
                    {self.source}
                </p>
                <details>
                    <summary>"数据表"</summary>
                    <div class="scroll" tabindex="0" role="group" aria-label="表格">
                        <table class="data">
                            <thead>
                                <tr>
                                    {self
                                        .table
                                        .header
                                        .into_iter()
                                        .map(|name| view! { <th scope="col">{name}</th> })
                                        .collect_view()}
                                </tr>
                            </thead>
                            <tbody>
                                {self
                                    .table
                                    .rows
                                    .into_iter()
                                    .map(|row| {
                                        view! {
                                            <tr>
                                                {row.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view()}
                                            </tr>
                                        }
                                    })
                                    .collect_view()}
                            </tbody>
                        </table>
                    </div>
                </details>
                {picture}
                {csv}
            </figure>
        }
        .into_any()
    }
}
