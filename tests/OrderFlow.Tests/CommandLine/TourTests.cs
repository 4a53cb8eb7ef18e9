using OrderFlow.Tests.Running;

namespace OrderFlow.Tests.CommandLine;

public sealed class TourTests
{
    [Fact]
    public async Task Tour_ShouldTellTheStoryAndExitWithZero_WhenPlayed()
    {
        using var folder = new ShopFolder();
        var tour = await ShopProgram.RunAsync(folder.Path, ["tour"]);
        var told = string.Join('\n', tour.Output);
        Assert.True(tour.ExitCode == 0, $"{told}\n{string.Join('\n', tour.Errors)}");
        Assert.Contains("PROD-001  iPhone 15     100 available", told, StringComparison.Ordinal);
        Assert.Contains("the order is paid", told, StringComparison.Ordinal);
        Assert.Contains("98 of PROD-001", told, StringComparison.Ordinal);
        Assert.Contains("rejected, insufficient_stock", told, StringComparison.Ordinal);
        Assert.Contains("rejected, product_not_found", told, StringComparison.Ordinal);
        Assert.Contains("rejected, payment_declined", told, StringComparison.Ordinal);
        Assert.Contains("The tour is complete", tour.Output[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("[FAIL]", told, StringComparison.Ordinal);
        Assert.Empty(tour.Errors);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
