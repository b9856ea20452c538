module templatepeer

go 1.23
