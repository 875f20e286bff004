//! Writes a page of its own for each lab, with its article, or else with a picture and one sentence: for search engines, link
//! previews and people without JavaScript. Beside it stand the picture that a preview shows, and what oEmbed asks for. `cargo xtask dist` runs it with the folder of the release and the address where that will be.

mod card;
mod essay;
mod letters;
mod stylesheet;

use std::error::Error;
use std::fs;
use std::path::Path;

use essay::Essay;
use lessons::Article;
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

/// Where a figure runs, also the script of the element, and the app in its frame.
const POLICY_OF_FIGURES: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; \
    base-uri 'none'; form-action 'none'";

/// The width and height of an embedded lab, in pixels.
const EMBED_PX: (u32, u32) = (720, 480);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, address] = arguments.as_slice() else { return Err("usage: pages FOLDER ADDRESS".into()) };
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for lab in labs::registry::LABS {
        let site = Path::new(folder);
        let article = article(site, lab.about().id)?;
        let sheet = Sheet::new(*lab, article.as_ref(), address)?;
        let folder = site.join("lab").join(sheet.about.id);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("oembed.json"), sheet.oembed().to_string())?;
        let draw = |html| {
            let page = yew::LocalServerRenderer::<Page>::with_props(PageProps { html }).hydratable(false);
            runtime.block_on(page.render())
        };
        let page = with_one_pattern(&draw(sheet.draw()?));
        fs::write(folder.join("index.html"), format!("<!doctype html>\n{page}\n"))?;
        fs::write(folder.join(PICTURE), card::png(&draw(card::draw(&sheet.about, &sheet.frame)))?)?;
    }
    Ok(())
}

/// The article of a lab, where the site has one.
fn article(site: &Path, lab: &str) -> Result<Option<Article>, Box<dyn Error>> {
    let file = site.join("articles").join(format!("{lab}.txt"));
    if !file.exists() {
        return Ok(None);
    }
    Ok(Some(postcard::from_bytes(&fs::read(&file)?)?))
}

/// A page whose drawings share the pattern of the first: no two elements of a page may have one name.
fn with_one_pattern(page: &str) -> String {
    let mut parts = page.split("<defs>");
    let mut whole = parts.next().unwrap_or_default().to_string();
    for (place, part) in parts.enumerate() {
        match part.split_once("</defs>") {
            Some((_, rest)) if place > 0 => whole.push_str(rest),
            _ => {
                whole.push_str("<defs>");
                whole.push_str(part);
            }
        }
    }
    whole
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
    lab: &'static dyn AnyLab,
    about: About,
    article: Option<&'a Article>,
    /// The lab's first scenario, as it opens.
    frame: Frame,
    /// Where the release will be, with a slash at its end.
    address: &'a str,
}

impl Sheet<'_> {
    fn new<'a>(
        lab: &'static dyn AnyLab,
        article: Option<&'a Article>,
        address: &'a str,
    ) -> Result<Sheet<'a>, Box<dyn Error>> {
        let explain = |sentence: sim::Text| sentence.to_string();
        let mut session = lab.open().map_err(explain)?;
        let first = session.scenarios().first().map(|card| card.name);
        session.open(first.ok_or("a lab has no scenario")?).map_err(explain)?;
        Ok(Sheet { lab, about: lab.about(), article, frame: session.frame(), address })
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

    /// The whole document.
    fn draw(&self) -> Result<Html, Box<dyn Error>> {
        let (title, summary) = match self.article {
            Some(article) => (article.title.clone(), article.summary.clone()),
            None => (self.about.title.to_string(), self.about.summary.to_string()),
        };
        let body = match self.article {
            Some(article) => Essay::new(self.lab, article).draw()?,
            None => self.draw_card(),
        };
        let has_figures = self.article.is_some();
        let headline = say(&self.frame.caption.headline);
        let whole_title = format!("{title} · Netsplit");
        Ok(html! {
            <html lang="en">
                <head>
                    <meta charset="utf-8" />
                    <meta http-equiv="Content-Security-Policy" content={if has_figures { POLICY_OF_FIGURES } else { POLICY }} />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <title>{ whole_title.clone() }</title>
                    <meta name="description" content={summary.clone()} />
                    <link rel="canonical" href={self.here()} />
                    <meta property="og:type" content={if has_figures { "article" } else { "website" }} />
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
                    if has_figures {
                        <link rel="stylesheet" href="../../static/words.css" />
                        <link rel="stylesheet" href="../../static/article.css" />
                        <link rel="stylesheet" href="../../static/essay.css" />
                        <script async=true src="../../static/netsplit-lab.js"></script>
                    }
                </head>
                { body }
            </html>
        })
    }

    /// The page of a lab without an article.
    fn draw_card(&self) -> Html {
        let About { title, chapter, summary, .. } = &self.about;
        let headline = say(&self.frame.caption.headline);
        html! {
            <body>
                <main class="sheet">
                    <p class="eyebrow">{ say(chapter) }</p>
                    <h1>{ say(title) }</h1>
                    <p>{ say(summary) }</p>
                    <figure>
                        { picture(&self.frame, SIZE, &[], Some(headline.clone())) }
                        <figcaption>{ headline }</figcaption>
                    </figure>
                    <p><a class="button primary large" href={format!("../../{}", self.hash())}>{ "Step through it" }</a></p>
                    <p><a href="../../">{ "All labs" }</a></p>
                </main>
            </body>
        }
    }
}
