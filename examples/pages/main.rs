//! Writes a page of its own for each lab, with a picture and one sentence: for search engines, link previews and people
//! without JavaScript. Beside it stand the picture that a preview shows, and what oEmbed asks for. `cargo xtask dist` runs it with the folder of the release and the address where that will be.

mod card;
mod letters;
mod stylesheet;

use std::error::Error;
use std::fs;
use std::path::Path;

use netsplit::geometry::Size;
use netsplit::route::Route;
use netsplit::stage::scene::picture;
use netsplit::words::say;
use sim::About;
use sim::AnyLab;
use sim::frame::Frame;
use yew::prelude::*;

const SIZE: Size = Size { width: 720.0, height: 440.0 };

/// The file with the picture of a lab.
const PICTURE: &str = "picture.png";

/// No script and no request but for the page's own style and icons.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/// The width and height of an embedded lab, in pixels.
const EMBED_PX: (u32, u32) = (720, 480);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, address] = arguments.as_slice() else { return Err("usage: pages FOLDER ADDRESS".into()) };
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for lab in labs::registry::LABS {
        let sheet = Sheet::new(*lab, address)?;
        let folder = Path::new(folder).join("lab").join(sheet.about.id);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("oembed.json"), sheet.oembed().to_string())?;
        let draw = |html| {
            let page = yew::LocalServerRenderer::<Page>::with_props(PageProps { html }).hydratable(false);
            runtime.block_on(page.render())
        };
        fs::write(folder.join("index.html"), format!("<!doctype html>\n{}\n", draw(sheet.draw())))?;
        fs::write(folder.join(PICTURE), card::png(&draw(card::draw(&sheet.about, &sheet.frame)))?)?;
    }
    Ok(())
}

#[derive(PartialEq, Properties)]
struct PageProps {
    html: Html,
}

#[component]
fn Page(props: &PageProps) -> Html {
    props.html.clone()
}

/// What the page of a lab shows.
struct Sheet<'a> {
    about: About,
    /// The lab's first scenario, as it opens.
    frame: Frame,
    /// Where the release will be, with a slash at its end.
    address: &'a str,
}

impl Sheet<'_> {
    fn new<'a>(lab: &'static dyn AnyLab, address: &'a str) -> Result<Sheet<'a>, Box<dyn Error>> {
        let explain = |sentence: sim::Text| sentence.to_string();
        let mut session = lab.open().map_err(explain)?;
        let first = session.scenarios().first().map(|card| card.name);
        session.open(first.ok_or("a lab has no scenario")?).map_err(explain)?;
        Ok(Sheet { about: lab.about(), frame: session.frame(), address })
    }

    fn here(&self) -> String {
        format!("{}lab/{}/", self.address, self.about.id)
    }

    /// The part of an address of the app that opens this lab.
    fn hash(&self) -> String {
        Route::Lab { lab: self.about.id.to_string(), scenario: None }.hash()
    }

    fn picture(&self) -> String {
        format!("{}{PICTURE}", self.here())
    }

    /// What a site that knows oEmbed 1.0 puts into its own page.
    fn oembed(&self) -> serde_json::Value {
        let (width, height) = EMBED_PX;
        let source = format!("{}?view=embed{}", self.address, self.hash());
        let title = self.about.title.to_string();
        let frame = format!(
            r#"<iframe src="{source}" width="{width}" height="{height}" title="{title}" loading="lazy" style="border:0"></iframe>"#
        );
        serde_json::json!({
            "version": "1.0",
            "type": "rich",
            "provider_name": "Netsplit",
            "provider_url": self.address,
            "title": title,
            "width": width,
            "height": height,
            "html": frame,
            "thumbnail_url": self.picture(),
            "thumbnail_width": card::WIDTH,
            "thumbnail_height": card::HEIGHT,
        })
    }

    fn draw(&self) -> Html {
        let About { title, chapter, summary, .. } = &self.about;
        let (title, summary) = (say(title), say(summary));
        let headline = say(&self.frame.caption.headline);
        let whole_title = format!("{title} · Netsplit");
        html! {
            <html lang="en">
                <head>
                    <meta charset="utf-8" />
                    <meta http-equiv="Content-Security-Policy" content={POLICY} />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <title>{ whole_title.clone() }</title>
                    <meta name="description" content={summary.clone()} />
                    <link rel="canonical" href={self.here()} />
                    <meta property="og:type" content="website" />
                    <meta property="og:site_name" content="Netsplit" />
                    <meta property="og:title" content={whole_title} />
                    <meta property="og:description" content={summary.clone()} />
                    <meta property="og:url" content={self.here()} />
                    <meta property="og:image" content={self.picture()} />
                    <meta property="og:image:width" content={card::WIDTH.to_string()} />
                    <meta property="og:image:height" content={card::HEIGHT.to_string()} />
                    <meta property="og:image:alt" content={headline.clone()} />
                    <meta name="twitter:card" content="summary_large_image" />
                    <link rel="alternate" type="application/json+oembed" href={format!("{}oembed.json", self.here())} title={title.clone()} />
                    <link rel="icon" type="image/svg+xml" href="../../static/favicon.svg" />
                    <link rel="stylesheet" href="../../static/tokens.css" />
                    <link rel="stylesheet" href="../../static/page.css" />
                    <link rel="stylesheet" href="../../static/stage.css" />
                </head>
                <body>
                    <main class="sheet">
                        <p class="eyebrow">{ say(chapter) }</p>
                        <h1>{ title }</h1>
                        <p>{ summary }</p>
                        <figure>
                            { picture(&self.frame, SIZE, &[], Some(headline.clone())) }
                            <figcaption>{ headline }</figcaption>
                        </figure>
                        <p><a class="button primary large" href={format!("../../{}", self.hash())}>{ "Step through it" }</a></p>
                        <p><a href="../../">{ "All labs" }</a></p>
                    </main>
                </body>
            </html>
        }
    }
}
