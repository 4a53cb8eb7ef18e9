using OrderFlow.Hosting;
using OrderFlow.Storage;

namespace OrderFlow.Tour;

/// <summary>Opens a shop of its own, plays the story in it, and leaves nothing behind.</summary>
internal static class ShopTour
{
    /// <summary>Plays the story.</summary>
    /// <returns>0 when everything was as expected, otherwise 1.</returns>
    public static async Task<int> PlayAsync(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("orderflow-tour-");
        try
        {
            return await PlayAsync(folder.FullName, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> PlayAsync(string folder, TextWriter output)
    {
        await using var app = ShopHost.Build(ShopProcess.Whole, port: 0, new SqliteStorage(folder), quietly: true);
        var address = await app.StartShopAsync();
        await output.WriteLineAsync($"A shop of five services that talk by events, on {address}");
        using var http = new HttpClient { BaseAddress = address };
        var guide = new TourGuide(output, TimeProvider.System);
        await new TourStory(new ShopClient(http), guide).TellAsync();
        await app.StopAsync();
        await output.WriteLineAsync(guide.Broken == 0
            ? $"\nThe tour is complete: all {guide.Kept} expectations came true."
            : $"\nThe tour failed: {guide.Broken} of {guide.Kept + guide.Broken} expectations did not come true.");
        return guide.Broken == 0 ? 0 : 1;
    }
}
