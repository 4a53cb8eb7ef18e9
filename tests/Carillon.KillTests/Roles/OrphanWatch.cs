namespace Carillon.KillTests;

/// <summary>Ends the process when the harness is gone, however that ended: its end of standard input closes.</summary>
internal static class OrphanWatch
{
    private const int Orphaned = 3;

    public static void Start() => new Thread(Watch) { IsBackground = true, Name = "orphan watch" }.Start();

    private static void Watch()
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
            // Whatever is said there means nothing; only its end does.
        }

        Environment.Exit(Orphaned);
    }
}
