using System.Net;
using System.Text.RegularExpressions;
using OrderFlow.Tests.Running;

namespace OrderFlow.Tests.Http;

public sealed partial class PageEndpointsTests(OpenShop shop) : IClassFixture<OpenShop>
{
    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/shop.css", "text/css")]
    [InlineData("/shop.js", "text/javascript")]
    [InlineData("/favicon.svg", "image/svg+xml")]
    public async Task GetPage_ShouldLoadUnderAStrictPolicy_WhenAsked(string path, string contentType)
    {
        using var response = await shop.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType!.MediaType);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task GetPage_ShouldNeedNothingFromElsewhere_WhenItIsRead()
    {
        var html = await shop.Http.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        var script = await shop.Http.GetStringAsync(new Uri("/shop.js", UriKind.Relative), TestContext.Current.CancellationToken);
        var style = await shop.Http.GetStringAsync(new Uri("/shop.css", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("//", html + style, StringComparison.Ordinal);
        Assert.DoesNotMatch(InlineCode(), html);
        Assert.DoesNotContain("innerHTML", script, StringComparison.Ordinal);
        Assert.DoesNotContain("http", script.Replace("https", "http", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAnything_ShouldAnswer404_WhenThereIsNoSuchPath()
    {
        var (status, problem) = await shop.Http.TryGetAsync("/nothing");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal(404, (int)problem!["status"]!);
    }

    [GeneratedRegex("""<script(?![^>]*src=)|\son[a-z]+\s*=|style\s*=|javascript:""", RegexOptions.IgnoreCase)]
    private static partial Regex InlineCode();
}
