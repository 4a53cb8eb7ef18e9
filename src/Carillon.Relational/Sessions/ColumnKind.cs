namespace Carillon.Relational;

/// <summary>What stands in a column of a row, whatever the column was declared as.</summary>
internal enum ColumnKind
{
    Null = 0,
    Text = 1,
    Number = 2,
    Bytes = 3,
    Other = 4,
}
