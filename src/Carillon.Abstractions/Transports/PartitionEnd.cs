namespace Carillon.Transports;

/// <summary>What the next owner of a partition is to know.</summary>
/// <param name="Cursor">Up to where everything is finished.</param>
/// <param name="Wanted">The type and topic of the next message, if that is for another instance.</param>
/// <param name="Finished">What is finished beyond the cursor.</param>
public readonly record struct PartitionEnd(long Cursor, RoutedType? Wanted, PositionRanges Finished);
