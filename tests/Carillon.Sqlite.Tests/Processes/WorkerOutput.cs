namespace Carillon.Sqlite.Tests;

/// <summary>What a worker tells its test, one line each, written at once so that it survives the worker's death.</summary>
internal static class WorkerOutput
{
    private static readonly Stream Output = Console.OpenStandardOutput();

    public static void Say(string what, string detail)
    {
        lock (Output)
            Output.Write(System.Text.Encoding.UTF8.GetBytes($"{what} {detail}\n"));
    }
}
