namespace Carillon.KillTests;

/// <summary>
/// What the harness tells a process while it runs: on standard input, a line for each trap. When that closes, the harness is gone, however it
/// ended, and the process ends too.
/// </summary>
internal static class Orders
{
    private const int Orphaned = 3;

    /// <summary>Begins to listen.</summary>
    public static void Follow(Action<PlannedFailpoint> trap) => new Thread(() => Listen(trap)) { IsBackground = true, Name = "orders" }.Start();

    private static void Listen(Action<PlannedFailpoint> trap)
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        while (input.ReadLine() is { } line)
            trap(PlannedFailpoint.Parse(line));
        Environment.Exit(Orphaned);
    }
}
