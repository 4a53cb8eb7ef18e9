using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrderFlow.Tests.Running;

namespace OrderFlow.Tests.CommandLine;

/// <summary>What the READMEs tell their readers to type works as it stands there.</summary>
public sealed partial class ReadmeTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("README.zh-CN.md")]
    public async Task Commands_ShouldBeAnswered_WhenTypedOneAfterTheOther(string page)
    {
        var commands = ReadmeCommand.Of(Path.Combine(Root(), page));
        Assert.NotEmpty(commands);
        using var folder = new ShopFolder();
        await using var shop = await ShopProgram.StartAsync(folder.Path);
        foreach (var command in commands)
        {
            if (command.Body is { } body)
                Assert.Equal(HttpStatusCode.Accepted, (await shop.Http.PostAsync(command.Path, body)).Status);
            else
                await Eventually.SeeAsync($"something at {command.Path}", () => shop.Http.TryGetAsync(command.Path), answer => answer is (HttpStatusCode.OK, JsonArray { Count: > 0 }));
        }
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.zh-CN.md")]
    public async Task Commands_ShouldAskWhereTheShopListens_WhenNoPortWasChosen(string page)
    {
        using var folder = new ShopFolder();
        var help = await ShopProgram.RunAsync(folder.Path, ["--help"]);
        var port = DefaultPort().Match(string.Join('\n', help.Output)).Groups[1].Value;

        Assert.All(ReadmeCommand.Of(Path.Combine(Root(), page)), command => Assert.Equal($"localhost:{port}", command.Host));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Carillon.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException($"No Carillon.slnx above {AppContext.BaseDirectory}: run the tests inside the repository.");
        return folder.FullName;
    }

    [GeneratedRegex(@"default: shop (\d+)")]
    private static partial Regex DefaultPort();
}
