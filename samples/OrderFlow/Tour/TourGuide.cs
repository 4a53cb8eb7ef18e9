namespace OrderFlow.Tour;

/// <summary>Tells the story, and checks that it is true.</summary>
internal sealed class TourGuide(TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private int _chapter;

    /// <summary>How many expectations came true.</summary>
    public int Kept { get; private set; }

    /// <summary>How many did not.</summary>
    public int Broken { get; private set; }

    /// <summary>Begins a chapter.</summary>
    public void Chapter(string title) => output.WriteLine($"\n{++_chapter}. {title}");

    /// <summary>Tells something.</summary>
    public void Say(string text) => output.WriteLine($"   {text}");

    /// <summary>Says what was expected, and whether it is so.</summary>
    public void Expect(bool isSo, string what)
    {
        if (isSo)
            Kept++;
        else
            Broken++;
        output.WriteLine($"   {(isSo ? "[ok]  " : "[FAIL]")} {what}");
    }

    /// <summary>Looks again and again until something is as expected, at most 30 seconds, and returns what it saw last.</summary>
    public async Task<T> WaitAsync<T>(Func<Task<T>> look, Func<T, bool> isSo)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (isSo(seen) || time.GetElapsedTime(start) > Patience)
                return seen;
            await Task.Delay(LookAgain, time);
        }
    }
}
