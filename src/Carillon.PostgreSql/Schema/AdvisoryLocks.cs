using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Carillon.Relational;

namespace Carillon.PostgreSql;

/// <summary>
/// The numbers of the locks that Carillon takes inside the database. All locks of that kind share one space of numbers with the user's own,
/// so they are made of names, and those of different schemas differ.
/// </summary>
internal static class AdvisoryLocks
{
    /// <summary>Held while the tables are created or changed: a single number of 64 bits.</summary>
    public static long Migration(string schema) => BinaryPrimitives.ReadInt64BigEndian(Hash($"carillon/schema/{schema}"));

    /// <summary>The first of two numbers of 32 bits; the second is the partition that is appended to.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="table">The table that is appended to: each has an order of its own.</param>
    public static int Partitions(string schema, string table) => BinaryPrimitives.ReadInt32BigEndian(Hash($"carillon/append/{schema}/{table}"));

    /// <summary>The first of two numbers of 32 bits; the second stands for the thing that is locked.</summary>
    public static int Scope(string schema, LockScope scope) => BinaryPrimitives.ReadInt32BigEndian(Hash($"carillon/lock/{schema}/{scope}"));

    private static byte[] Hash(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name));
}
