using System.Collections.Concurrent;

namespace Carillon.Relational;

/// <summary>
/// How one database says what SQL does not say the same everywhere. Everything else is written once, in the <c>…Sql</c> classes of the folders,
/// with tables and columns of the same names.
/// </summary>
internal abstract class Dialect
{
    private readonly ConcurrentDictionary<Type, object> _statements = new();

    /// <summary>Statements in this dialect, put together once.</summary>
    public TStatements Get<TStatements>(Func<Dialect, TStatements> create)
        where TStatements : class => (TStatements)_statements.GetOrAdd(typeof(TStatements), static (_, state) => state.create(state.dialect), (create, dialect: this));

    /// <summary>The larger of two numbers.</summary>
    public abstract string Larger(string one, string other);

    /// <summary>A positive whole number at random.</summary>
    public abstract string RandomNumber { get; }

    /// <summary>A name that no other one has.</summary>
    public abstract string NewName { get; }

    /// <summary>Behind a table: the index that is certainly to be used; empty where the planner finds it.</summary>
    public abstract string IndexedBy(string index);

    /// <summary>
    /// Behind a query of one table: keeps other transactions from the rows that it finds until this one has ended, and passes by those that others
    /// have in hand; empty where a database has one writer.
    /// </summary>
    public abstract string TakingFreeRows { get; }

    /// <summary>Whether a column is among the whole numbers of the JSON array <c>@partitions</c>.</summary>
    public abstract string IsAmongPartitions(string column);

    /// <summary>Whether a column is among the whole numbers of a JSON array.</summary>
    /// <param name="column">The column.</param>
    /// <param name="parameter">The name of the array's parameter, without the <c>@</c>.</param>
    public abstract string IsAmongNumbers(string column, string parameter);

    /// <summary>Whether a column is among the texts of a JSON array.</summary>
    /// <param name="column">The column.</param>
    /// <param name="parameter">The name of the array's parameter, without the <c>@</c>.</param>
    public abstract string IsAmongTexts(string column, string parameter);

    /// <summary>Whether a column is among the few values that a query finds first.</summary>
    public abstract string IsAmong(string column, string query);

    /// <summary>A table that has the texts of a JSON array in its column <c>value</c>.</summary>
    /// <param name="parameter">The name of the array's parameter, without the <c>@</c>.</param>
    /// <param name="table">The name of the table.</param>
    public abstract string EachText(string parameter, string table);

    /// <summary>A table <c>part</c> that has the texts of the JSON array <c>@partitions</c> in its column <c>value</c>.</summary>
    public abstract string EachPartition { get; }

    /// <summary>The newest position of a log that is finished in <c>@partition</c>, as one number.</summary>
    public abstract string Head(Log log);

    /// <summary>Whether a text has the words of a pattern, <c>*</c> standing for one or more characters.</summary>
    public abstract string Resembles(string column, IReadOnlyList<string> words);

    /// <summary>Deletes <c>@limit</c> rows of the inbox from before <c>@before</c> that nobody is using.</summary>
    public abstract string DeleteHandled { get; }
}
