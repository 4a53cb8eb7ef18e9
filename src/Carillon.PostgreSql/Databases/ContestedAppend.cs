namespace Carillon.PostgreSql;

/// <summary>An operation that waits for partitions which are not free.</summary>
internal sealed class ContestedAppend(MessageAppend append, long since)
{
    public MessageAppend Append => append;

    /// <summary>Where it must go to.</summary>
    public PartitionSet Keyed { get; } = append.Keyed;

    /// <summary>When it began to wait, as a timestamp.</summary>
    public long Since => since;

    /// <summary>How often it failed for another reason.</summary>
    public int Failures { get; private set; }

    public void Failed() => Failures++;
}
