namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>Columns of a parcel's row.</summary>
public class Address
{
    public virtual string City { get; set; } = "Wien";
}
