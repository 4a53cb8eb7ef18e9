using SQLitePCL;

namespace Carillon.Sqlite;

/// <summary>The version of SQLite at hand, and whether it has the fault that loses commits when the log is reset.</summary>
internal static class SqliteVersion
{
    /// <summary>The version as a number: 3.50.4 is 3050004.</summary>
    public static int Number
    {
        get
        {
            Batteries_V2.Init();
            return raw.sqlite3_libversion_number();
        }
    }

    /// <summary>Corrected in 3.51.3, 3.50.7 and 3.44.6. Carillon's own connections keep clear of it; foreign ones may not.</summary>
    public static bool HasLogResetFault(int number) => number switch
    {
        >= 3_051_003 => false,
        >= 3_050_007 and < 3_051_000 => false,
        >= 3_044_006 and < 3_045_000 => false,
        _ => true,
    };

    public static string Text(int number) => $"{number / 1_000_000}.{number / 1000 % 1000}.{number % 1000}";
}
